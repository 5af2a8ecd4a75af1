import { removeMadeShop } from './console-shop';

export = removeMadeShop;
